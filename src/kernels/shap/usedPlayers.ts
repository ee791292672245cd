import type { RankedTrees } from '../trees/rankTrees.ts'

/** The players whose columns some split reads, rising, and for every column the position of its player among them (0 where no split reads it). */
export const usedPlayers = (
  { columns }: Pick<RankedTrees, 'columns'>,
  playerOfColumn: Int32Array,
  players: number,
): { owners: Int32Array; playerOf: Int32Array } => {
  const used = new Uint8Array(players)
  for (const { column } of columns) used[playerOfColumn[column]!] = 1
  const owners = Int32Array.from({ length: players }, (_, player) => player).filter((player) => used[player] === 1)
  const position = new Int32Array(players)
  owners.forEach((player, p) => {
    position[player] = p
  })
  return { owners, playerOf: playerOfColumn.map((player) => position[player]!) }
}
