/// The true utility of a response: what the scripted annotators know with noise, what evaluations
/// report, and what no learner ever sees.
///
/// ```
/// u = (0.55 c + 0.30 g + 0.15 b g) * 0.5^r        0 for a blank response
///
/// c = checks passed / checks
/// g = (key facts said / key facts) * 0.5^h
/// b = 1                      for w <= T
///     max(0, 1 - (w - T)/T)  for w >  T
/// ```
///
/// | symbol | meaning | unit |
/// |---|---|---|
/// | u | true utility | in [0, 1] |
/// | c | share of the task's checks that the response passes | in [0, 1] |
/// | g | grounding: what a good answer says is said, and nothing is made up | in [0, 1] |
/// | h | hallucinations: names, days, times, places, events, things and numbers that the response mentions and neither the message nor the answer of the sum holds | count |
/// | b | brevity; it counts only as far as something grounded is said, so an empty phrase earns nothing by being short | in [0, 1] |
/// | w | words of the response | words |
/// | T | comfortable length: the kind's own plus the words of an opening and a closing that were asked for, at least 2 words above a minimum that was asked for | words |
/// | r | rude phrases | count |
///
/// The utility rises (weakly) in c, g and b and falls in h, w and r. It is 1 exactly when all
/// checks pass, all key facts are said, nothing is made up, and the length is comfortable. The
/// weights and the form are this project's own: they make a broken constraint cost more than a
/// missing fact, and a missing fact more than a long-winded answer. Left out: grammar, and facts of
/// the message put into the wrong role.
@NullMarked
package org.alignmentworkbench.synthetic.utility;

import org.jspecify.annotations.NullMarked;
