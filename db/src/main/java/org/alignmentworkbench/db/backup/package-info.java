/// A database's rows as one moment saw them, out to streams and back.
@NullMarked
package org.alignmentworkbench.db.backup;

import org.jspecify.annotations.NullMarked;
