/// Everything a server keeps, in one file, and back from it.
@NullMarked
package org.alignmentworkbench.app.backup;

import org.jspecify.annotations.NullMarked;
