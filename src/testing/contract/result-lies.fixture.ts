import { partial } from '../../core/result.ts'
import { answering, type Lie } from './lie.fixture.ts'

const error = new Error('refused')

/** Lies in the form of an answer. */
export const resultLies: readonly Lie[] = [
  { lie: 'has no name', caughtBy: 'has a name', as: /the name is empty/, make: () => ({ name: '' }) },
  ...(
    [
      ['answers with nothing', undefined, /not an object/],
      [
        'answers with a class',
        new (class Answer {
          status = 'ok'
        })(),
        /instance of a class/,
      ],
      ['answers with a status of its own', { status: 'done' }, /there is no status done/],
      ['gives a text for an error', { status: 'retry', error: 'busy' }, /an error is busy/],
      ['gives an error that says nothing', { status: 'reject', error: new Error('') }, /no message/],
      ['asks to be left alone for a negative time', { status: 'retry', error, afterMs: -1 }, /afterMs is -1/],
      ['has a scope of its own', { status: 'retry', error, scope: 'planet' }, /the scope is planet/],
      ['has a child that answers so', { status: 'ok', children: { one: { status: 'done' } } }, /there is no status done/],
    ] as const
  ).map(([lie, answer, as]) => ({ lie, caughtBy: 'answers with plain data and a known status', as, make: () => answering(answer) })),
  ...(
    [
      ['names a record that there is not', partial([{ index: 10, error }]), /index 10 is not in a batch of 10/],
      ['names a record before the first', partial([], [-1]), /index -1 is not in a batch of 10/],
      ['names a record as rejected and to be retried', partial([{ index: 3, error }], [2, 3]), /named twice/],
      ['names a record to be retried twice', partial([], [2, 2]), /named twice/],
      ['rejects more records than there are', partial([{ count: 9, error }], [0, 1]), /11 records are spoken of in a batch of 10/],
    ] as const
  ).map(([lie, answer, as]) => ({
    lie,
    caughtBy: 'names records of a partial result by indexes in range, each once',
    as,
    make: () => answering(answer),
  })),
]
