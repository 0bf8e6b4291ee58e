/// Immutable datasets, row by row, by content hash.
@NullMarked
package org.alignmentworkbench.db.dataset;

import org.jspecify.annotations.NullMarked;
