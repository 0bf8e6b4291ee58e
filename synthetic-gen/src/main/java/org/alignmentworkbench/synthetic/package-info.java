/// Everything the demo's world of messages needs, made from seeds.
///
/// `world` holds its words, `task` the tasks with their splits, `check` what can be verified of an
/// answer, `utility` what an answer is truly worth, `demonstration` a careless writer, `annotator`
/// a noisy judge and the guideline, `filter` the committee's filter, and `corpus` the text of the
/// base model.
@NullMarked
package org.alignmentworkbench.synthetic;

import org.jspecify.annotations.NullMarked;
