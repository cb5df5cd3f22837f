/** When a picture was taken, as a camera's own clock would have written it: the station's wall clock and its offset from UTC then. */
export function takenAt(at: number): { local: string; offset: string } {
  const minutes = -new Date(at).getTimezoneOffset();
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return {
    local: new Date(at + minutes * 60_000).toISOString().slice(0, 19),
    offset: `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`,
  };
}
