/// Judgements on their way out of the workbench and into it.
@NullMarked
package org.alignmentworkbench.db.exchange;

import org.jspecify.annotations.NullMarked;
