/// Who did what to what, kept for administrators.
@NullMarked
package org.alignmentworkbench.db.audit;

import org.jspecify.annotations.NullMarked;
