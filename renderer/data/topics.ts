import type { CallName, EventPayload } from '../../shared/contract.ts';

export type Topic = EventPayload<'changed'>['topics'][number];

/** Which answers a change of a topic makes old. Calls that are not named here are asked again by the person. */
const ANSWERS: Readonly<Record<Topic, readonly CallName[]>> = {
  dockings: [
    'dockings.list',
    'dockings.get',
    'dockings.arriving',
    'station.status',
    'release.preview',
    'certificate.get',
    'review.list',
    'media.list',
    'media.get',
  ],
  captures: [
    'capture.frames',
    'captures.list',
    'captures.get',
    'dockings.list',
    'dockings.get',
    'dockings.arriving',
    'station.status',
    'release.preview',
    'certificate.get',
    'review.list',
    'media.list',
    'media.get',
  ],
  worklist: ['worklist.list'],
  review: ['review.list'],
  people: ['people.list'],
  peers: ['station.info'],
  session: ['session.current'],
  buttons: ['buttons.list', 'buttons.learn.state'],
};

/** The calls to ask again after these topics have changed. */
export function callsToAskAgain(topics: Iterable<Topic>): Set<CallName> {
  const calls = new Set<CallName>();
  for (const topic of topics) for (const call of ANSWERS[topic]) calls.add(call);
  return calls;
}
