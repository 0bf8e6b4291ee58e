/// The reward model: a Llama body that reads a whole conversation and gives it one score and four
/// grades at its last token.
@NullMarked
package org.alignmentworkbench.model.reward;

import org.jspecify.annotations.NullMarked;
