/// PostgreSQL: schema, connection and embedded server.
@NullMarked
package org.alignmentworkbench.db;

import org.jspecify.annotations.NullMarked;
