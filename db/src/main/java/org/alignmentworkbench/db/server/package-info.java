/// The database server behind the workbench: the data folder with its lock, the embedded PostgreSQL
/// that lives in it, and an external PostgreSQL reached by URL.
@NullMarked
package org.alignmentworkbench.db.server;

import org.jspecify.annotations.NullMarked;
