/// Compressing a whole model, step by step: collect what its projections read (`CollectedInputs`),
/// measure what each projection costs at 2 and at 4 bits (`Sensitivity`), choose within the budget,
/// and palettize (`ModelCompression`). `OutputDivergence` says how far the result is from the model
/// it came from.
@NullMarked
package org.alignmentworkbench.model.compression;

import org.jspecify.annotations.NullMarked;
