/// A project's labelling for those who lead it: what is still wanted, and the end of it.
@NullMarked
package org.alignmentworkbench.app.labelling;

import org.jspecify.annotations.NullMarked;
