import type { OpacityReport } from './opacityReport.ts'
import { page } from './page.ts'

/** skeleton */
export const renderOpacity = (report: OpacityReport): string =>
  page({ title: `Opacity: ${report.name}`, lead: [], foot: [] }, [])
