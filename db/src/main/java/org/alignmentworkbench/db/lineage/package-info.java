/// What was made from what, in both directions, down to single rows.
@NullMarked
package org.alignmentworkbench.db.lineage;

import org.jspecify.annotations.NullMarked;
