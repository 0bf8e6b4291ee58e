/// Supervised and rejection-sampling fine-tuning.
@NullMarked
package org.alignmentworkbench.sft;

import org.jspecify.annotations.NullMarked;
