// The words by which clients are understood, Russian and English: a table of stems, read from the top.

/** What the bot answers as a command of that name. */
export type AskedCommand =
  | "balance"
  | "card"
  | "history"
  | "why"
  | "book"
  | "contacts"
  | "help"
  | "mydata"
  | "statement";

/** What a message means. */
export type Meaning = AskedCommand | "person" | "expiry" | "spend" | "stop" | "thanks" | "hello" | "agreed";

/** Words with a space between; a star stands for any ending. */
export type Stems = string;

interface AskedRow {
  means: Meaning;
  /** Groups of stems with ` + ` between: of each group one word must be there. */
  said: string;
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

const spending = "потратить тратить использовать применить spend use";

const thanks = "спасиб* спосиб* спс пасиб* пасип* благодар* сенкс мерси spasib* thanks thank thx ty cheers";

export const askedBy: AskedRow[] = [
  {
    means: "thanks",
    said: `${thanks} + за for`,
    none: "не но что почему сколько где когда как можно плох* ужас* not but what why how when",
  },

  { means: "stop", said: "стоп stop отписка спам unsubscribe", alone: true },
  {
    means: "stop",
    said: "отписаться отпишите отпиши отписать отпишусь отвязать отвяжите unsubscribe unlink",
  },
  { means: "stop", said: "не + пишите пиши присылайте присылай шлите шли беспокойте отправляйте" },
  {
    means: "stop",
    said: `отключ* выключ* убрать уберите отмените хватит прекратите надоел* stop mute disable off + ${messages}`,
  },
  { means: "stop", said: "хватит прекратите stop + писать слать присылать writing texting messaging" },
  { means: "stop", said: `no + more + ${messages}` },
  { means: "stop", said: "don dont + write text message + me" },
  { means: "mydata", said: "мои персональные персональных my personal + данные данных data" },
  {
    means: "mydata",
    said: "удалить удалите удали сотрите delete erase remove + данные меня аккаунт профиль data me account profile",
  },

  {
    means: "expiry",
    said: "сгорят сгарят сгарают згорают сгорит сгорают сгорает сгорание сгорания",
    none: "соляри* кож* загар* солнц* плеч* спин* лиц* нос calories fat",
  },
  {
    means: "expiry",
    said: `срок* действуют действительны действует истек* истеч* живут хранятся вечные бессрочные пропадут исчезнут аннулир* обнул* сгорел* сгорать сгореть burn valid lifetime + ${pointsAsked}`,
  },
  {
    means: "expiry",
    said: `long + last good keep + ${pointsAsked}`,
  },
  {
    means: "expiry",
    said: "срок срока сроки + действия годности",
    none: "сертификат* абонемент* средств* крем*",
  },
  {
    means: "expiry",
    said: "expire expires expiry expiration expiring expired",
    none: "certificate* voucher* membership subscription",
  },

  { means: "why", said: `где where + ${pointsAsked}`, none: spending },
  {
    means: "why",
    said: `не нет not didn didnt haven havent no никак + пришли приходят пришел начислили начислены начислил начислило начислились начисляются начисляют зачислили поступили появились получил* get got gotten received receive credited come came + ${pointsAsked}`,
  },
  { means: "why", said: "не + начислили начислены начислил зачислили начислились" },
  {
    means: "why",
    said: `почему отчего why + мало меньше нет ноль 0 так only few no zero + ${pointsAsked}`,
  },
  {
    means: "why",
    said: `когда when + придут начислят начислите начисляют зачислят будут появятся come get arrive credited + ${pointsAsked}`,
  },
  {
    means: "why",
    said: `начислили начислены зачислили пришли придут credited + ${pointsAsked}`,
    none: "за почему спасиб*",
  },
  {
    means: "why",
    said: `пропали исчезли делись потерялись недостает нехватает missing lost disappeared gone + ${pointsAsked}`,
  },

  {
    means: "statement",
    said: "выписка выписку выписки statement",
    none: "больничн* больниц* рецепт* счет* bank",
  },
  { means: "history", said: "история истории историю history transactions", alone: true },
  {
    means: "history",
    said: `историю история истории history + ${pointsAsked} начислен* списан* операций операц* карт* визитов посещен* card`,
  },
  {
    means: "history",
    said: "за почему зачем кто куда когда why who when what + списали списаны списано списал списалось сняли снял сняты ушли потратил* taken charged deducted spent took",
  },
  {
    means: "history",
    said: "покажи* посмотреть последние все мои список show last recent all + начисления списания операции движения transactions awards",
  },

  { means: "spend", said: "спиши спишите спишет спишут спишем списать redeem" },
  {
    means: "spend",
    said: "как где куда на how where what + потратить тратить spend",
    none: "врем* день вечер деньги денег time day money",
  },
  {
    means: "spend",
    said: `потратить тратить трачу использовать применить оплатить оплачивать платить расплатиться рассчитаться воспользоваться обменять снять use spend apply pay + ${pointsAsked}`,
  },

  {
    means: "person",
    said: `${person} + позов* позвать соедин* нужен нужна нужно поговорить свяж* связаться связ* пригласи* общаться живой живого живым переключи* talk speak real live contact reach need`,
    none: "ваканс* работ* устро* зарплат* hiring job",
  },
  { means: "person", said: `${person}`, alone: true },
  { means: "person", said: "жалоба жалобу пожаловаться претензия претензию complaint complain" },
  {
    means: "person",
    said: `отмен* перенес* перенос* передвин* сдвин* удалите снимите cancel reschedule move change + ${visits}`,
  },
  {
    means: "person",
    said: "когда время времени сколько какое какую напомните подтвер* when what confirm + записан записана записаны запись визит appointment booked",
    none: "можно есть ближайш* can available",
  },
  {
    means: "person",
    said: "сменил сменила сменился поменял* изменил* новый new change changed + номер телефон number phone",
  },
  { means: "person", said: "перезвоните позвоните наберите опаздываю опоздаю задержусь" },
  { means: "person", said: "running im be + late" },
  { means: "person", said: "отмена отменить отмените cancel", alone: true },
  { means: "person", said: "ты вы you + бот робот кто bot robot who" },
  { means: "person", said: "не + смогу приду получится успеваю успею" },
  { means: "person", said: `верните вернуть возврат* refund + деньги деньгах money ${pointsAsked}` },

  {
    means: "contacts",
    said: "карта карту карте схема map + проезда доехать вы вас салон* find directions",
  },
  {
    means: "contacts",
    said: "адрес адреса адресок address location directions",
    none: "почт* email электронн* мой моего доставк* my delivery ip инстаграм* сайт* instagram website",
  },
  {
    means: "contacts",
    said: "где where куда + находит* расположен* салон ехать приезжать приходить подойти located salon",
  },
  { means: "contacts", said: "где where + вы вас you", alone: true },
  {
    means: "contacts",
    said: "как how где where + доехать добраться пройти проехать найти доберусь связаться дозвониться reach get find + вас вами вам к до салон* доехать добраться дозвониться доберусь связаться there you salon",
    none: pointsAsked,
  },
  {
    means: "contacts",
    said: "телефон телефона телефончик номер phone number контакты контакт contact contacts",
    alone: true,
  },
  {
    means: "contacts",
    said: "телефон телефона телефончик номер номера phone number контакты контактный contacts + ваш вашего салона салон есть скиньте подскажите напишите администратора your salon",
    none: "забыл* остав* потерял* мой моего новый смен* лак* оттен* краск* forgot left lost my",
  },
  {
    means: "contacts",
    said: "позвонить дозвониться созвониться call",
    none: "будет буду завтра don dont never stop not не",
  },
  {
    means: "contacts",
    said: "часы график режим время hours + работы работаете открыты приема opening open working your",
  },
  {
    means: "contacts",
    said: "скольки сколько когда what when until till + работаете закрываетесь закрываетесь открываетесь открыты open close opening closing",
  },

  {
    means: "book",
    said: "записаться записатся запишите запиши запишусь записать запись записи запишись book booking appointment reserve schedule",
    none: "отмен* перенес* перенос* рука видео* notebook facebook история",
  },
  {
    means: "book",
    said: "окошко окошки окошка окошек слот слоты свободн* ближайшее slot slots available free + окошко окошки окошка окошек слот слоты время место места запись завтра сегодня slot slots time today tomorrow",
  },

  {
    means: "card",
    said: "карта карту карты карте карточка карточку карточки картой card cards kartu karta",
    none: bankCards,
    alone: true,
  },
  {
    means: "card",
    said: "карта карту карты карточка карточку card + мою моя моей скидочная скидочную лояльности бонусная бонусную клубная покажи* показать открой* открыть пришлите дайте нужна my loyalty show open send",
    none: `${bankCards} потеряла забыла`,
  },
  { means: "card", said: "qr куар кьюар штрихкод" },

  { means: "balance", said: "баланс баланса балансе balans balance", none: skin },
  {
    means: "help",
    said: `сколько какой many much + дают дадите дадут начисляете начисляют получу процент* визит стрижк* give percent + ${pointsAsked}`,
  },
  { means: "balance", said: `сколько скок skolko many much + ${pointsAsked}` },
  { means: "balance", said: "сколько + у + меня", alone: true },
  { means: "balance", said: "сколько + накопил* накопилось осталось", none: "времени ждать минут мест" },
  {
    means: "balance",
    said: `проверить узнать посмотреть глянуть покажи* показать остаток осталось есть какие накопил* накопилось мои хватит хватает check show see have any left got + ${pointsAsked}`,
    none: "правила условия программ*",
  },
  { means: "balance", said: `${pointsAsked}`, alone: true },

  { means: "help", said: "помощь помогите помоги помочь меню старт начать help menu start", alone: true },
  { means: "help", said: `пользоваться такое зачем для + ${pointsAsked} карта картой программа` },
  {
    means: "help",
    said: `как how + работает работают устроено устроена накопить копить копятся получить заработать начисляются начисляете work works earn + ${pointsAsked} карта это программа программу тут бот it this programme program`,
  },
  { means: "help", said: "правила условия rules terms", none: "поведения ухода посещения" },
  { means: "help", said: "что what + умеешь умеете можешь do + ты вы умеешь умеете you" },
  { means: "help", said: `процент* процентов percent + ${pointsAsked} какой сколько what`, none: "скидк*" },

  {
    means: "thanks",
    said: `${thanks}`,
    none: "не но нельзя плох* ужас* верните жалоб* испорт* not but",
  },
  {
    means: "hello",
    said: "привет* здравств* здраств* здрасте здрасьте хай салют privet hello hi hey",
    alone: true,
  },
  {
    means: "hello",
    said: "добрый доброе доброго доброй good + день дня утро утра вечер вечера ночи morning afternoon evening day",
    alone: true,
  },
  {
    means: "agreed",
    said: "ок окей хорошо хорошего ладно понятно понял поняла ясно отлично супер класс здорово договорились ok okay great cool fine understood perfect",
    alone: true,
  },
];
