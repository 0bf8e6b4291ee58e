/// Tasks with verifiable constraints.
@NullMarked
package org.alignmentworkbench.synthetic;

import org.jspecify.annotations.NullMarked;
