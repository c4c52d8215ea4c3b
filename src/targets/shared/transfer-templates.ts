/** The templates of the parts that several scripts are made of, by file name. */
import answers from "../../../templates/shared/answers.sh.hbs";
import authorizedNotes from "../../../templates/shared/authorized-notes.hbs";
import checks from "../../../templates/shared/checks.sh.hbs";
import covers from "../../../templates/shared/covers.sh.hbs";
import enter from "../../../templates/shared/enter.sh.hbs";
import install from "../../../templates/shared/install.sh.hbs";
import keyNotes from "../../../templates/shared/key-notes.hbs";
import mailHost from "../../../templates/shared/mail-host.sh.hbs";
import receive from "../../../templates/shared/receive.sh.hbs";
import reloadEnd from "../../../templates/shared/reload-end.sh.hbs";
import reloadStart from "../../../templates/shared/reload-start.sh.hbs";
import restart from "../../../templates/shared/restart.sh.hbs";
import say from "../../../templates/shared/say.sh.hbs";
import sendEnd from "../../../templates/shared/send-end.sh.hbs";
import sendStart from "../../../templates/shared/send-start.sh.hbs";
import separate from "../../../templates/shared/separate.sh.hbs";
import serves from "../../../templates/shared/serves.sh.hbs";
import take from "../../../templates/shared/take.sh.hbs";
import trusted from "../../../templates/shared/trusted.sh.hbs";

const checkTemplates = { "say.sh.hbs": say, "checks.sh.hbs": checks };

/** For scripts that work in mailcow's folder. */
const takeTemplates = { ...checkTemplates, "trusted.sh.hbs": trusted, "take.sh.hbs": take };

/** For scripts that install a certificate there. */
const installTemplates = { ...takeTemplates, "covers.sh.hbs": covers, "install.sh.hbs": install, "enter.sh.hbs": enter, "restart.sh.hbs": restart };

/** For the script that installs a certificate of the proxy's host. */
export const receiveTemplates = { ...installTemplates, "receive.sh.hbs": receive, "separate.sh.hbs": separate, "serves.sh.hbs": serves, "answers.sh.hbs": answers, "authorized-notes.hbs": authorizedNotes };

/** For scripts that reload the proxy with a certificate of its host. */
const reloadTemplates = { ...checkTemplates, "covers.sh.hbs": covers, "serves.sh.hbs": serves, "reload-start.sh.hbs": reloadStart, "reload-end.sh.hbs": reloadEnd };

/** For those that send it to mailcow's host as well. */
export const sendTemplates = { ...reloadTemplates, "send-start.sh.hbs": sendStart, "send-end.sh.hbs": sendEnd, "mail-host.sh.hbs": mailHost, "key-notes.hbs": keyNotes };
