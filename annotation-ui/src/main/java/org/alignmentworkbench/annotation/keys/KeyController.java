package org.alignmentworkbench.annotation.keys;

import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.PersonSetting;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Where a person chooses their keys, or switches them off (WCAG 2.1.4).
@Controller
@RequestMapping("/label/keys")
public class KeyController {
  private final PersonSettingRepository settings;
  private final MessageSource words;

  KeyController(PersonSettingRepository settings, MessageSource words) {
    this.settings = settings;
    this.words = words;
  }

  /// The page.
  ///
  /// @param sound whether everything in it can be kept
  record KeyPage(boolean shortcuts, List<KeyRow> rows, boolean sound) {}

  /// One key of the page.
  ///
  /// @param field the name of its field
  /// @param what it does
  /// @param error why what was typed cannot be kept, or null
  record KeyRow(String field, String key, String what, String chosen, @Nullable String error) {}

  @GetMapping
  String keys(@AuthenticationPrincipal SignedInPerson person, Model model) {
    PersonSetting setting = settings.of(person.personId());
    model.addAttribute("page", page(setting.shortcuts(), KeyChoice.of(setting.keys())));
    return "label/keys";
  }

  /// Keeps the keys, all or none: what cannot be kept comes back with what is wrong.
  @PostMapping
  Object keep(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam MultiValueMap<String, String> fields,
      Model model,
      RedirectAttributes redirect) {
    if (fields.containsKey("default")) {
      settings.setKeys(person.personId(), Map.of());
      return kept(redirect);
    }
    KeyChoice choice = KeyChoice.read(fields::getFirst);
    boolean shortcuts = fields.containsKey("shortcuts");
    if (!choice.sound()) {
      model.addAttribute("page", page(shortcuts, choice));
      return new ModelAndView("label/keys", model.asMap(), HttpStatus.UNPROCESSABLE_CONTENT);
    }
    settings.setKeys(person.personId(), choice.own());
    settings.setShortcuts(person.personId(), shortcuts);
    return kept(redirect);
  }

  private static String kept(RedirectAttributes redirect) {
    redirect.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "keys.kept"));
    return "redirect:/label/keys";
  }

  /// Switches all keys on or off, from the desk itself.
  @PostMapping("/shortcuts")
  ResponseEntity<Map<String, Boolean>> shortcuts(
      @AuthenticationPrincipal SignedInPerson person, @RequestParam("on") boolean on) {
    settings.setShortcuts(person.personId(), on);
    return ResponseEntity.ok(Map.of("on", on));
  }

  private KeyPage page(boolean shortcuts, KeyChoice choice) {
    return new KeyPage(
        shortcuts, choice.rows().stream().map(row -> row(choice, row)).toList(), choice.sound());
  }

  private KeyRow row(KeyChoice choice, KeyChoice.Row row) {
    DeskKey same = choice.same(row);
    String error = null;
    if (!row.sign()) {
      error = word("keys.bad");
    } else if (same != null) {
      error = word("keys.taken", row.chosen(), what(same));
    }
    return new KeyRow(
        "key." + row.key().key(), row.key().key(), what(row.key()), row.chosen(), error);
  }

  private String what(DeskKey key) {
    String of = key.of().contains(".") ? word(key.of()) : key.of();
    return word(key.word(), of);
  }

  private String word(String key, Object... arguments) {
    return words.getMessage(key, arguments, LocaleContextHolder.getLocale());
  }
}
