/** The templates of the parts that several scripts are made of, by file name. */
import authorizedNotes from "../../../templates/shared/authorized-notes.hbs";
import checks from "../../../templates/shared/checks.sh.hbs";
import covers from "../../../templates/shared/covers.sh.hbs";
import enter from "../../../templates/shared/enter.sh.hbs";
import install from "../../../templates/shared/install.sh.hbs";
import keyNotes from "../../../templates/shared/key-notes.hbs";
import mailHost from "../../../templates/shared/mail-host.sh.hbs";
import receive from "../../../templates/shared/receive.sh.hbs";
import restart from "../../../templates/shared/restart.sh.hbs";
import sendEnd from "../../../templates/shared/send-end.sh.hbs";
import sendStart from "../../../templates/shared/send-start.sh.hbs";
import separate from "../../../templates/shared/separate.sh.hbs";
import take from "../../../templates/shared/take.sh.hbs";

/** For scripts that work in mailcow's folder. */
const takeTemplates = { "checks.sh.hbs": checks, "take.sh.hbs": take };

/** For scripts that install a certificate there. */
const installTemplates = { ...takeTemplates, "covers.sh.hbs": covers, "install.sh.hbs": install, "enter.sh.hbs": enter, "restart.sh.hbs": restart };

/** For the script that installs a certificate of the proxy's host. */
export const receiveTemplates = { ...installTemplates, "receive.sh.hbs": receive, "separate.sh.hbs": separate, "authorized-notes.hbs": authorizedNotes };

/** For scripts that send a certificate to mailcow's host. */
export const sendTemplates = { "checks.sh.hbs": checks, "covers.sh.hbs": covers, "send-start.sh.hbs": sendStart, "send-end.sh.hbs": sendEnd, "mail-host.sh.hbs": mailHost, "key-notes.hbs": keyNotes };
