package org.alignmentworkbench.app.people;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.person.SpokenLanguages;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// The languages that somebody reads well enough to judge in. Whoever names none is dealt every
/// language; a project that asks for some is dealt only to those who name one of them.
@Controller
class LanguageRooms {
  private static final String LANGUAGES = "/account/languages";

  private final SpokenLanguages languages;
  private final Members members;
  private final Words words;

  LanguageRooms(SpokenLanguages languages, Members members, Words words) {
    this.languages = languages;
    this.members = members;
    this.words = words;
  }

  @GetMapping(LANGUAGES)
  String show(@AuthenticationPrincipal SignedInPerson self, Model model) {
    return page(Languages.text(languages.of(self.personId())), null, model);
  }

  @PostMapping(LANGUAGES)
  String keep(
      @RequestParam(name = "languages", defaultValue = "") String typed,
      @AuthenticationPrincipal SignedInPerson self,
      HttpServletResponse response,
      RedirectAttributes flash,
      Model model) {
    List<String> tags;
    try {
      tags = Languages.of(typed);
    } catch (IllegalArgumentException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return page(typed, words.of("language.bad", String.valueOf(e.getMessage())), model);
    }
    members.speak(self.personId(), tags);
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "language.kept"));
    return "redirect:" + LANGUAGES;
  }

  private static String page(String typed, @Nullable String fault, Model model) {
    model.addAttribute("typed", typed);
    model.addAttribute("fault", fault);
    return "people/languages";
  }
}
