/// Who may do what: first set-up, sign-in, one-time links, the table of rules and the headers.
@NullMarked
package org.alignmentworkbench.app.security;

import org.jspecify.annotations.NullMarked;
