package org.alignmentworkbench.app.admin;

import java.util.List;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Takes somebody's names away for good, after asking once more.
@Controller
class PseudonymRooms {
  private static final String PSEUDONYM = "/admin/people/{id:[0-9]{1,18}}/pseudonym";

  private final PersonRepository people;
  private final Accounts accounts;
  private final Words words;

  PseudonymRooms(PersonRepository people, Accounts accounts, Words words) {
    this.people = people;
    this.accounts = accounts;
    this.words = words;
  }

  @GetMapping(PSEUDONYM)
  String ask(
      @PathVariable("id") long id, @AuthenticationPrincipal SignedInPerson self, Model model) {
    model.addAttribute("person", other(id, self));
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.admin"), "/admin"),
            new Crumb(words.of("admin.people"), "/admin/people"),
            new Crumb(words.of("pseudonym.title"), null)));
    return "admin/pseudonym";
  }

  @PostMapping(PSEUDONYM)
  String replace(
      @PathVariable("id") long id,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    Person person = other(id, self);
    flash.addFlashAttribute(
        "notice",
        accounts
            .pseudonymise(self.personId(), person)
            .map(name -> new Notice(Notice.Kind.GOOD, "pseudonym.done", List.of(name)))
            .orElseGet(() -> Notice.of(Notice.Kind.WARN, "pseudonym.not")));
    return "redirect:/admin/people";
  }

  /// Nobody takes their own names: the trail must say who did it.
  private Person other(long id, SignedInPerson self) {
    return people
        .find(id)
        .filter(person -> person.id() != self.personId())
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }
}
