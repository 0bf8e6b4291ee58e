/// Files that are either the old one or the whole new one, whenever the power goes.
@NullMarked
package org.alignmentworkbench.model.file;

import org.jspecify.annotations.NullMarked;
