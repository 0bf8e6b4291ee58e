package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.IdentityRepository;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Links one's own account with the provider, and takes the link away again.
///
/// Linking begins with a form of this site, whose token only its own pages have, so that nobody is
/// led into linking a stranger's subject. The way to the provider is then a link: the policy lets
/// no form lead elsewhere, not even by a redirect.
@Controller
class IdentityRooms {
  private static final String IDENTITY = "/account/identity";

  private final OidcSignIn provider;
  private final Accounts accounts;
  private final IdentityRepository identities;
  private final AuditRepository audit;

  IdentityRooms(
      OidcSignIn provider,
      Accounts accounts,
      IdentityRepository identities,
      AuditRepository audit) {
    this.provider = provider;
    this.accounts = accounts;
    this.identities = identities;
    this.audit = audit;
  }

  @GetMapping(IDENTITY)
  String show(@AuthenticationPrincipal Account account, Model model) {
    return page(account, false, model);
  }

  @PostMapping(IDENTITY)
  String begin(@AuthenticationPrincipal Account account, HttpServletRequest request, Model model) {
    if (!provider.on()) {
      return "redirect:" + IDENTITY;
    }
    request.getSession().setAttribute(OidcSignIn.LINKING, account.personId());
    return page(account, true, model);
  }

  @PostMapping(IDENTITY + "/forget")
  String forget(@AuthenticationPrincipal Account account, RedirectAttributes flash) {
    if (!provider.on()) {
      return "redirect:" + IDENTITY;
    }
    if (!accounts.hasPassword(account.personId())) {
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.WARN, "identity.onlyWayIn"));
    } else if (identities.unlink(provider.issuer(), account.personId())) {
      audit.record(
          account.personId(), "person.unlink-oidc", Accounts.subject(account.personId()), "{}");
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "identity.forgotten"));
    }
    return "redirect:" + IDENTITY;
  }

  private String page(Account account, boolean ready, Model model) {
    model.addAttribute("provider", provider.name());
    model.addAttribute("begin", OidcSignIn.BEGIN);
    model.addAttribute("ready", ready);
    model.addAttribute(
        "linked", provider.on() && identities.linked(provider.issuer(), account.personId()));
    return "security/identity";
  }
}
