/// Palettization: weights stored as small indices into short tables of values.
///
/// Sixteen rows of a projection share one table of 16 values (4-bit indices) or 4 values (2-bit
/// indices). The tables come from one-dimensional k-means in which a weight counts as much as its
/// input is large (`OptimalKMeans`); the indices are then chosen column by column, each column's
/// rounding error being made up for by the columns still to come (`ErrorFeedback`), and tables and
/// indices are polished in turns. Which projection gets 2 bits is decided by measuring what it
/// costs the model's output (`Sensitivity`) and solving the budget exactly (`BitAllocation`).
/// Embeddings are stored as 8-bit integers with one scale a row. `PalettizedModel` is the result:
/// one file, its exact sizes (`PackedSizes`) and its dense reconstruction.
@NullMarked
package org.alignmentworkbench.model.palette;

import org.jspecify.annotations.NullMarked;
