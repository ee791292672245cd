import type { ReasonsReport } from './reasonsReport.ts'
export const renderReasons = (_report: ReasonsReport): string => ''
