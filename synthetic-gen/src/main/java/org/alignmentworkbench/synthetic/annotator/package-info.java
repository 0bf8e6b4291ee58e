/// Scripted annotators, and the guideline that people and scripts share.
///
/// An annotator compares two responses by their true utilities u (package `synthetic.utility`):
///
/// ```
/// d = u(second) - u(first) + noise * z        z standard normal
///
/// |d| <  0.06   negligibly better     1
/// |d| <  0.18   slightly better       2
/// |d| <  0.35   better                3
/// otherwise     significantly better  4
/// ```
///
/// and the sign says which is better. "First" and "second" are the texts in lexicographic order,
/// and z comes from a stream named by task key, both texts in that order and the slot's ordinal: so
/// the judgement does not depend on who gives it, when, or which response stood on the left, and
/// two slots of one task are two independent opinions.
///
/// Each grade is a part of the true utility plus `noise` times a normal value of its own, cut at
/// 0.40 and 0.85 into 0, 1 and 2: instruction following from the share of checks passed, concision
/// from brevity, truthfulness from grounding, harmlessness from rudeness (1 without, 0.2 with).
///
/// The noise is in units of utility. The four strengths and the four grades are those of the
/// published recipe this product mirrors; the thresholds are this project's own.
@NullMarked
package org.alignmentworkbench.synthetic.annotator;

import org.jspecify.annotations.NullMarked;
