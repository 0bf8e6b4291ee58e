/// How values pass between Java and a PostgreSQL row: times, optional columns, arrays.
@NullMarked
package org.alignmentworkbench.db.row;

import org.jspecify.annotations.NullMarked;
