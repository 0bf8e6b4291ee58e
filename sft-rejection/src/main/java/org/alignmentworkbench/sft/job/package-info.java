/// The jobs of this module: supervised fine-tuning, evaluation, and the round of the teacher
/// committee. Each reads as its procedure; the parts it is made of know nothing of jobs.
@NullMarked
package org.alignmentworkbench.sft.job;

import org.jspecify.annotations.NullMarked;
