/// The supervised loss: cross-entropy on the tokens an assistant should have written.
@NullMarked
package org.alignmentworkbench.sft.loss;

import org.jspecify.annotations.NullMarked;
