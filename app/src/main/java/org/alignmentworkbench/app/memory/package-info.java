/// How much memory the product takes, its child processes counted in.
@NullMarked
package org.alignmentworkbench.app.memory;

import org.jspecify.annotations.NullMarked;
