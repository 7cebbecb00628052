/** All mutants. */
import { balances } from "./balances.ts";
import { database } from "./database.ts";
import { ends } from "./ends.ts";
import { friends } from "./friends.ts";
import { gifts } from "./gifts.ts";
import { ledger } from "./ledger.ts";
import { levels } from "./levels.ts";
import { link } from "./link.ts";
import { lots } from "./lots.ts";
import { max } from "./max.ts";
import { notify } from "./notify.ts";
import { people } from "./people.ts";
import { picture } from "./picture.ts";
import { programme } from "./programme.ts";
import { rights } from "./rights.ts";
import { rules } from "./rules.ts";
import { settleTrials } from "./settle-trials.ts";
import { settledTill } from "./settled-till.ts";
import { settlements } from "./settlements.ts";
import { spend } from "./spend.ts";
import { spending } from "./spending.ts";
import { statements } from "./statements.ts";
import { sync } from "./sync.ts";
import { together } from "./together.ts";
import { twoAccounts } from "./two-accounts.ts";
import { twoMessengers } from "./two-messengers.ts";
import { values } from "./values.ts";
import { visits } from "./visits.ts";
import { watch } from "./watch.ts";
import { ways } from "./ways.ts";

export const mutants = [
  ...[
    ...balances,
    ...database,
    ...ends,
    ...friends,
    ...gifts,
    ...ledger,
    ...levels,
    ...link,
    ...lots,
    ...max,
    ...notify,
    ...people,
    ...picture,
  ],
  ...[
    ...programme,
    ...rights,
    ...rules,
    ...settledTill,
    ...settleTrials,
    ...settlements,
    ...spend,
    ...spending,
    ...statements,
    ...sync,
    ...together,
    ...twoMessengers,
    ...twoAccounts,
    ...values,
    ...visits,
    ...watch,
    ...ways,
  ],
];
