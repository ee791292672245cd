/** What an audit measures and what it cannot show. */
import type { FairnessReport } from '../fairnessReport.ts'
import { type Child, h } from '../html.ts'
import { count, figure } from '../numbers.ts'
import type { Section } from '../page.ts'

const term = (name: Child, ...text: Child[]): Child => [h('dt', {}, name), h('dd', {}, ...text)]

/** Definitions, each with its source. */
export const fairnessMeasures = (report: FairnessReport): Section => ({
  id: 'measures',
  title: 'What is measured',
  body: [
    h(
      'dl',
      {},
      term('selected', 'on the safe side of the cutoff, the cutoff included: the favorable outcome.'),
      term('selection rate', 'share of the rows of a group that are selected. Wilson interval (1927).'),
      term(
        'adverse impact ratio',
        'selection rate of a group over that of the reference. MOVER-R interval (Donner and Zou 2012): made from Wilson’s of both rates like that of the difference, it holds 1 exactly when that one holds 0, and has a width where everybody or nobody of a group is selected.',
      ),
      term(
        'four fifths',
        'a ratio below 0.8 is held to be evidence of adverse impact by the Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D). ',
        'Here: below when the whole interval is below, at or above when all of it is; otherwise not enough evidence, and also when fewer than ',
        figure(report, ['minCell'], count),
        ' persons are selected or not selected in the group or in the reference. A line to measure at, not a finding of law.',
      ),
      term(
        'TPR, goods refused',
        'share of goods that are selected, and what is missing from 100 %: people who would have repaid and are refused. Equal opportunity asks that it be alike (Hardt, Price and Srebro 2016).',
      ),
      term('FPR', 'share of bads that are selected. Equalized odds asks that TPR and FPR be alike.'),
      term('PPV', 'share of goods among the selected with a known outcome. Predictive parity asks that it be alike.'),
      term(
        'differences',
        'group minus reference, in percentage points. Newcombe’s hybrid interval (1998, method 10), with the covariance of persons who are in both groups (Zou and Donner 2008).',
      ),
      term(
        'calibration',
        'observed share of bad beside the mean predicted probability, their difference and ratio, and the slope of the outcome on the log-odds predicted. With unequal bad rates, equal calibration and equal error rates exclude each other (Chouldechova 2017).',
      ),
      term(
        'standardized difference',
        'difference of mean scores in pooled standard deviations (Cohen 1988). Its interval and that of means widen by the quantile of Student’s t where persons are few; one person has none.',
      ),
      term(
        'AUC within',
        report.rows === 'file'
          ? 'how well the score ranks bads and goods of one group.'
          : 'how well the margin of the model, which the score is rounded from, ranks bads and goods of one group.',
        ' DeLong’s interval (1988) on log-odds, wider where persons of an outcome are few.',
      ),
      term(
        'intervals',
        'all of 95 %, with persons as clusters where a person has several rows. They are those of sampling people: not of training again, and not of choosing the group that looks worst.',
      ),
      term(
        'positive class',
        'the good one: Fairlearn called with y = good and prediction = selected gives the same figures.',
      ),
    ),
  ],
})

/** What no number on the page can say. */
export const fairnessLimits = (report: FairnessReport): Section => ({
  id: 'limits',
  title: 'What this does not show',
  body: [
    h(
      'ul',
      {},
      h(
        'li',
        {},
        h('strong', {}, 'Whoever never got credit. '),
        'Outcomes are known of people who had an obligation. Errors among those refused before, or never asked, are not in these figures.',
      ),
      h(
        'li',
        {},
        h('strong', {}, 'Why groups differ. '),
        'Different bad rates, different data, or a score that errs: a ratio tells none from the other. Calibration and error rates are beside it for that reason.',
      ),
      h(
        'li',
        {},
        h('strong', {}, 'That a group is treated fairly. '),
        '"No difference shown" and "not enough evidence" are not findings of fairness: the interval says how large a difference is still possible.',
      ),
      h(
        'li',
        {},
        h('strong', {}, 'Another training. '),
        'The model is taken as it is. Trained on other people it would err elsewhere.',
      ),
      h('li', {}, h('strong', {}, 'Another cutoff. '), 'Selection, TPR, FPR and PPV hold at this cutoff alone.'),
      h(
        'li',
        {},
        h('strong', {}, 'Attributes that were not recorded, '),
        'or were recorded wrongly: groups are as good as the column that names them.',
      ),
      report.rows === 'scored' &&
        h(
          'li',
          {},
          h('strong', {}, 'Errors. '),
          'Training rows are among those scored, so no outcome is looked at here; audit held-out rows for that.',
        ),
    ),
  ],
})
