/// A model on disk, in the layout of Hugging Face: everything needed to run, train or hand it on.
@NullMarked
package org.alignmentworkbench.model.folder;

import org.jspecify.annotations.NullMarked;
