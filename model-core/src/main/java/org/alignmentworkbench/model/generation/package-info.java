/// Sampling from a model: batches of prompts, cached decoding, randomness from counter-based
/// streams.
@NullMarked
package org.alignmentworkbench.model.generation;

import org.jspecify.annotations.NullMarked;
