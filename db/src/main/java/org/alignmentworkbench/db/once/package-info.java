/// Requests that are carried out once, however often they come.
@NullMarked
package org.alignmentworkbench.db.once;

import org.jspecify.annotations.NullMarked;
