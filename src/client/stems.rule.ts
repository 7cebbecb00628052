// The words by which clients are understood, Russian and English: a table of stems, read from the top.

/** What the bot answers as a command of that name. */
export type AskedCommand = "balance" | "card" | "history" | "why" | "book" | "contacts" | "help" | "mydata";

/** What a message means. */
export type Meaning = AskedCommand | "person" | "expiry" | "spend" | "stop" | "thanks" | "hello";

/** Words with a space between; a star stands for any ending. */
export type Stems = string;

export interface AskedRow {
  means: Meaning;
  /** Of each of these one word must be there. */
  all: Stems[];
  /** With one of these it is something else. */
  none?: Stems;
  /** Beside it only such words may be there as stand around any question. */
  alone?: true;
}

export const pointsAsked: Stems =
  "балл балла баллы баллов баллам баллами баллах балов балы баллики бонус* кэшбек* кешбек* кэшбэк* кешбэк* bally point points bonus bonuses cashback";
const bankCards =
  "оплат* плат* заплат* расплат* перевод* перевест* перевел* наличн* терминал* банк* кредитн* дебетов* сбер* тинькоф* подарочн* сертификат* медицинск* санитарн* желаний пополнит* pay paying paid payment credit debit bank gift memory sim business";
const messages =
  "уведомлен* рассылк* сообщен* оповещен* спам* реклам* смс notification notifications message messages messaging texting writing spam ads newsletter*";
const person =
  "человек человека человеком людьми оператор оператора оператором менеджер менеджера менеджером администратор администратора администратору администратором админ админа админом консультант* human operator manager person someone somebody receptionist";
const visits = "запись записи визит визита сеанс* прием appointment appointments booking bookings visit";
const skin = "кож* водн* кислот* щелоч* ph белк* гидро* волос* skin hair water";

export const askedBy: AskedRow[] = [
  { means: "stop", all: ["стоп stop отписка спам unsubscribe"], alone: true },
  {
    means: "stop",
    all: ["отписаться отпишите отпиши отписать отпишусь отвязать отвяжите unsubscribe unlink"],
  },
  { means: "stop", all: ["не", "пишите пиши присылайте присылай шлите шли беспокойте отправляйте"] },
  {
    means: "stop",
    all: [
      "отключ* выключ* убрать уберите отмените хватит прекратите надоел* stop mute disable no off",
      messages,
    ],
  },
  { means: "stop", all: ["хватит прекратите stop", "писать слать присылать writing texting messaging"] },
  { means: "stop", all: ["don dont", "write text message", "me"] },
  { means: "mydata", all: ["мои персональные персональных my personal", "данные данных data"] },
  {
    means: "mydata",
    all: [
      "удалить удалите удали сотрите delete erase remove",
      "данные меня аккаунт профиль data me account profile",
    ],
  },

  {
    means: "expiry",
    all: [
      "сгорят сгарят сгарают згорают сгорит сгорают сгорает сгорели сгорел сгорание сгорания сгорать сгореть burn",
    ],
    none: "соляри* кож* загар* солнц* плеч* спин* лиц* нос calories fat",
  },
  {
    means: "expiry",
    all: [
      "срок* действуют действительны действует истек* истеч* живут хранятся вечные бессрочные пропадут исчезнут аннулир* обнул* valid last lifetime",
      pointsAsked,
    ],
  },
  {
    means: "expiry",
    all: ["срок срока сроки", "действия годности"],
    none: "сертификат* абонемент* средств* крем*",
  },
  {
    means: "expiry",
    all: ["expire expires expiry expiration expiring expired"],
    none: "certificate* voucher* membership subscription",
  },

  { means: "why", all: ["где where", pointsAsked] },
  {
    means: "why",
    all: [
      "не нет not didn didnt haven havent no никак",
      "пришли приходят пришел начислили начислены начислил начислило начислились начисляются начисляют зачислили поступили появились получил* get got gotten received receive credited come came",
      pointsAsked,
    ],
  },
  { means: "why", all: ["не", "начислили начислены начислил зачислили начислились"] },
  {
    means: "why",
    all: ["почему отчего why", "мало меньше нет ноль 0 так only few no zero"],
    none: "мест* окошек времени slots",
  },
  {
    means: "why",
    all: [
      "когда when",
      "придут начислят начислите начисляют зачислят будут появятся come get arrive credited",
      pointsAsked,
    ],
  },
  {
    means: "why",
    all: ["пропали исчезли делись потерялись недостает нехватает missing lost disappeared gone", pointsAsked],
  },

  { means: "history", all: ["история истории историю history transactions statement"], alone: true },
  {
    means: "history",
    all: [
      "историю история истории history",
      `${pointsAsked} начислен* списан* операций операц* карт* визитов посещен* card`,
    ],
  },
  {
    means: "history",
    all: [
      "за почему зачем кто куда когда why who when what",
      "списали списаны списано списал списалось сняли снял сняты ушли потратил* taken charged deducted spent took",
    ],
  },
  {
    means: "history",
    all: [
      "покажи* посмотреть последние все мои список show last recent all",
      "начисления списания операции движения transactions awards",
    ],
  },

  { means: "spend", all: ["спиши спишите спишет спишут спишем списать redeem"] },
  {
    means: "spend",
    all: [
      "потратить тратить трачу использовать применить оплатить оплачивать платить расплатиться рассчитаться воспользоваться обменять снять use spend apply pay",
      pointsAsked,
    ],
  },

  {
    means: "person",
    all: [
      person,
      "позов* позвать соедин* нужен нужна нужно поговорить свяж* связаться связ* пригласи* общаться живой живого живым переключи* talk speak real live contact reach need",
    ],
    none: "ваканс* работ* устро* зарплат* hiring job",
  },
  { means: "person", all: [person], alone: true },
  { means: "person", all: ["жалоба жалобу пожаловаться претензия претензию complaint complain"] },
  {
    means: "person",
    all: ["отмен* перенес* перенос* передвин* сдвин* cancel reschedule move change", visits],
  },
  {
    means: "person",
    all: [
      "когда время времени сколько какое какую напомните подтвер* when what confirm",
      "записан записана записаны запись визит appointment booked",
    ],
    none: "можно есть ближайш* can available",
  },
  {
    means: "person",
    all: ["сменил сменила сменился поменял* изменил* новый new changed", "номер телефон number phone"],
  },
  { means: "person", all: ["перезвоните позвоните наберите"] },

  {
    means: "contacts",
    all: ["карта карту карте схема map", "проезда доехать вы вас салон* find directions"],
  },
  {
    means: "contacts",
    all: ["адрес адреса адресок address location directions"],
    none: "почт* email электронн* мой моего доставк* my delivery ip",
  },
  {
    means: "contacts",
    all: ["где where куда", "находит* расположен* салон ехать приезжать приходить подойти located salon"],
  },
  { means: "contacts", all: ["где where", "вы вас you"], alone: true },
  {
    means: "contacts",
    all: [
      "как how",
      "доехать добраться пройти проехать найти доберусь связаться дозвониться reach get find",
      "вас вами вам к до салон* доехать добраться дозвониться доберусь связаться there you salon",
    ],
    none: pointsAsked,
  },
  {
    means: "contacts",
    all: ["телефон телефона телефончик номер phone number контакты контакт contact contacts"],
    alone: true,
  },
  {
    means: "contacts",
    all: [
      "телефон телефона телефончик номер номера phone number контакты контактный contacts",
      "ваш вашего салона салон есть скиньте подскажите напишите администратора your salon",
    ],
    none: "забыл* остав* потерял* мой моего новый смен* лак* оттен* краск* forgot left lost my",
  },
  { means: "contacts", all: ["позвонить дозвониться созвониться call"], none: "будет буду завтра" },
  {
    means: "contacts",
    all: ["часы график режим время hours", "работы работаете открыты приема opening open working your"],
  },
  {
    means: "contacts",
    all: [
      "скольки сколько когда what when until till",
      "работаете закрываетесь закрываетесь открываетесь открыты open close opening closing",
    ],
  },

  {
    means: "book",
    all: [
      "записаться записатся запишите запиши запишусь записать запись записи запишись book booking appointment reserve schedule",
    ],
    none: "отмен* перенес* перенос* рука видео* notebook facebook история",
  },
  {
    means: "book",
    all: [
      "окошко окошки окошка окошек слот слоты свободн* ближайшее slot slots available free",
      "окошко окошки окошка окошек слот слоты время место места запись завтра сегодня slot slots time today tomorrow",
    ],
  },

  {
    means: "card",
    all: ["карта карту карты карте карточка карточку карточки картой card cards kartu karta"],
    none: bankCards,
    alone: true,
  },
  {
    means: "card",
    all: [
      "карта карту карты карточка карточку card",
      "мою моя моей скидочная скидочную лояльности бонусная бонусную клубная покажи* показать открой* открыть пришлите дайте нужна my loyalty show open send",
    ],
    none: `${bankCards} потеряла забыла`,
  },
  { means: "card", all: ["qr куар кьюар штрихкод"] },

  { means: "balance", all: ["баланс баланса балансе balans balance"], none: skin },
  { means: "balance", all: ["сколько скок skolko many much", pointsAsked] },
  { means: "balance", all: ["сколько", "накопил* накопилось осталось"], none: "времени ждать минут мест" },
  {
    means: "balance",
    all: [
      "проверить узнать посмотреть глянуть покажи* показать остаток осталось есть какие накопил* накопилось мои check show see have any left got",
      pointsAsked,
    ],
    none: "правила условия программ*",
  },
  { means: "balance", all: [pointsAsked], alone: true },

  { means: "help", all: ["помощь помогите помоги помочь help"], alone: true },
  {
    means: "help",
    all: [
      "как how",
      "работает работают устроено устроена накопить копить копятся получить заработать начисляются начисляете work works earn",
      `${pointsAsked} карта это программа программу тут бот it this programme program`,
    ],
  },
  { means: "help", all: ["правила условия rules terms"], none: "поведения ухода посещения" },
  { means: "help", all: ["что what", "умеешь умеете можешь do", "ты вы умеешь умеете you"] },
  { means: "help", all: ["процент* процентов percent", `${pointsAsked} какой сколько what`], none: "скидк*" },

  {
    means: "thanks",
    all: ["спасиб* спосиб* спс пасиб* пасип* благодар* сенкс мерси spasib* thanks thank thx ty cheers"],
    none: "не но нельзя плох* ужас* верните жалоб* испорт* not but",
  },
  {
    means: "hello",
    all: ["привет* здравств* здраств* здрасте здрасьте хай салют privet hello hi hey"],
    alone: true,
  },
  {
    means: "hello",
    all: [
      "добрый доброе доброго доброй good",
      "день дня утро утра вечер вечера ночи morning afternoon evening day",
    ],
    alone: true,
  },
];
