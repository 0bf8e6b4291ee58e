/// A project's judgements on their way out and in: files for other programs, files from elsewhere.
@NullMarked
package org.alignmentworkbench.app.exchange;

import org.jspecify.annotations.NullMarked;
