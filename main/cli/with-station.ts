import type { CommandInput } from './command.ts';
import { StationSession } from './station-session.ts';

/** Does something as the signed-in person, and leaves no station of ours behind, whatever happens. */
export async function withStation<T>(input: CommandInput, work: (station: StationSession) => Promise<T>): Promise<T> {
  const station = await StationSession.open(input.world, input.places, { signIn: true });
  try {
    return await work(station);
  } finally {
    input.progress.clear();
    await station.close();
  }
}
