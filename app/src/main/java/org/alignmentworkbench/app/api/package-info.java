/// The REST API: what the pages do, for programs that bring a personal token.
@NullMarked
package org.alignmentworkbench.app.api;

import org.jspecify.annotations.NullMarked;
