/// Supervised fine-tuning as a training that advances in small units and resumes exactly.
@NullMarked
package org.alignmentworkbench.sft.training;

import org.jspecify.annotations.NullMarked;
