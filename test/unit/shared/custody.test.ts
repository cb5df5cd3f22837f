import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addsUp, CUSTODY_TERMS, custodyEquation, custodyTerm } from '../../../shared/domain/custody.ts';
import { CAPTURE_STAGES, ITEM_STAGES } from '../../../shared/domain/stages.ts';

const captureStages = [...CAPTURE_STAGES, null];

test('the custody equation adds up whatever the items are', () => {
  const row = fc.record({
    itemStage: fc.constantFrom(...ITEM_STAGES),
    captureStage: fc.constantFrom(...captureStages),
    count: fc.integer({ min: 0, max: 10_000 }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const equation = custodyEquation(rows);
      expect(addsUp(equation)).toBe(true);
      expect(equation.listed).toBe(rows.reduce((total, one) => total + one.count, 0));
    }),
  );
});

test('only a proven item of a confirmed capture counts as confirmed', () => {
  for (const item of ITEM_STAGES) {
    for (const capture of captureStages) {
      const term = custodyTerm(item, capture);
      expect(CUSTODY_TERMS).toContain(term);
      expect(term === 'confirmed', `${item} ${capture}`).toBe(item === 'proven' && capture === 'confirmed');
      if (term === 'inDelivery') expect(item).toBe('proven');
    }
  }
});

test.each([
  ['housekeeping', null, 'housekeeping'],
  ['listed', null, 'unfiled'],
  ['sealed', 'unfiled', 'unfiled'],
  ['proven', null, 'unfiled'],
  ['proven', 'unfiled', 'unfiled'],
  ['proven', 'filed', 'inDelivery'],
  ['proven', 'delivered', 'inDelivery'],
  ['proven', 'confirmed', 'confirmed'],
  ['proven', 'rejected', 'rejected'],
  ['unreadable', null, 'unreadable'],
] as const)('an item %s of a capture %s is %s', (item, capture, term) => {
  expect(custodyTerm(item, capture)).toBe(term);
});

test('an equation that lost an item does not add up', () => {
  const equation = custodyEquation([{ itemStage: 'proven', captureStage: 'confirmed', count: 3 }]);
  expect(addsUp({ ...equation, listed: 4 })).toBe(false);
});
