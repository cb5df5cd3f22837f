import { runRequests } from './association.ts';
import { COMMAND } from './command.ts';
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './elements.ts';
import { UnexpectedStatusError } from './errors.ts';
import type { CallOptions, Peer } from './peer.ts';

export const VERIFICATION = '1.2.840.10008.1.1';

/** C-ECHO: resolves when the peer is there, knows both AE titles and answers; throws a named error otherwise. */
export async function echo(peer: Peer, options: CallOptions = {}): Promise<void> {
  const [answer] = await runRequests(
    peer,
    [
      {
        context: { sopClassUid: VERIFICATION, transferSyntaxUids: [IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN] },
        command: { field: COMMAND.echo, affectedSopClassUid: VERIFICATION },
      },
    ],
    options,
  );
  if (answer?.status !== 0) throw new UnexpectedStatusError('C-ECHO', answer?.status ?? -1);
}
