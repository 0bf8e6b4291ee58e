/// Constraints that a program can verify, after the idea of IFEval (Zhou et al.,
/// "Instruction-Following Evaluation for Large Language Models", 2023).
///
/// A check reads nothing but the response. A response that is blank fails every check, as in
/// IFEval's strict mode; line ends may be LF or CRLF. Words are runs between white space that hold
/// at least one letter or digit, so a list's "-" and a lone emoji are no words. Phrases and
/// keywords are compared without regard to case, because "use only lower case" may be asked at the
/// same time.
@NullMarked
package org.alignmentworkbench.synthetic.check;

import org.jspecify.annotations.NullMarked;
