/// The one way a table is made: Flyway migrations, run at every start.
@NullMarked
package org.alignmentworkbench.db.migration;

import org.jspecify.annotations.NullMarked;
