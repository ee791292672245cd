import { checkArray, checkWhole } from '../kernels/checkInput.ts'
import { usageError } from '../util/errors.ts'

/** Who plays: every column on its own, or groups of them. */
export interface PlayerColumns {
  /** for every column whose it is, 0 .. players - 1; absent: every column is a player of its own */
  playerOfColumn?: Int32Array
  /** how many players; absent: one more than the largest number in `playerOfColumn` */
  players?: number
}

/** @throws GlasscoreError('usage') for players that do not fit the columns */
export const checkPlayers = (options: PlayerColumns, columns: number): Required<PlayerColumns> => {
  const { playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j) } = options
  checkArray('playerOfColumn', playerOfColumn, 'Int32Array')
  if (playerOfColumn.length !== columns)
    throw usageError('players and columns differ in number', {
      option: 'playerOfColumn',
      expected: `${columns}, one for each column`,
      got: playerOfColumn.length,
    })
  const { players = playerOfColumn.reduce((most, player) => Math.max(most, player + 1), 0) } = options
  checkWhole('players', players, 1)
  const column = playerOfColumn.findIndex((player) => !(player >= 0 && player < players))
  if (column >= 0)
    throw usageError(`column ${column} belongs to a player that there is not`, {
      option: 'playerOfColumn',
      expected: `0 to ${players - 1}`,
      got: playerOfColumn[column]!,
    })
  return { playerOfColumn, players }
}
