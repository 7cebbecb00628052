// What clients write, as they write it, and what it is taken for; and what sounds alike and must not be.
import { expect, test } from "bun:test";
import type { Meaning } from "../../src/client/stems.rule.ts";
import { likelyFor, meaningOf } from "../../src/client/words.rule.ts";

/** Sentences apart by a bar. */
const understood: Record<Meaning, string> = {
  balance: `
    баланс | Баланс? | БАЛАНС!!! | какой у меня баланс | мой баланс пожалуйста 🙏 | баланс карты |
    сколько у меня баллов | Сколько баллов? | сколько у меня на карте баллов осталось??? | скок баллов |
    баллы | мои баллы | Бонусы 😊 | проверить баллы | Хочу узнать остаток баллов | есть ли у меня бонусы? |
    хватит баллов на стрижку? | сколько я накопила | сколько накопилось балов | сколько у меня | Сколько у меня сейчас? |
    здравствуйте, сколько у меня баллов? спасибо | balance | My balance please | how many points do I have? |
    points | my points | check my points | How much cashback have I got | hi, do I have any points left?`,
  card: `
    карта | Карту! | моя карта | покажите мою карту | дайте карту пожалуйста | карточка | где моя карта? |
    скидочная карта | карта лояльности | бонусную карту покажи | QR | qr-код | куар код покажи | card |
    my card | show my card please | Loyalty card | the QR code`,
  history: `
    история | История | моя история | история начислений | покажи историю баллов | историю операций |
    за что списали баллы? | почему списали баллы? | Куда ушли баллы | кто снял мои баллы | последние списания |
    history | show me my history | points history | why were my points taken? | what was deducted |
    transactions`,
  why: `
    где мои баллы | ГДЕ МОИ БАЛЛЫ??? | не пришли баллы | за оплату не пришли баллы | мне не начислили бонусы |
    начислили ли мне баллы? | не начислили | Баллы так и не пришли 😢 | почему так мало баллов |
    почему баллов нет | когда придут баллы? | куда делись баллы | пропали баллы | where are my points? |
    I didn't get my points | my points are missing | why so few points | when do my points come |
    haven’t received points`,
  book: `
    записаться | Запись | хочу записаться | запишите меня на завтра | как записатся к Ольге? |
    можно записаться | есть запись на субботу? | когда можно записаться | Запишите пожалуйста на стрижку |
    есть свободное время завтра? | есть окошко на пятницу | book | I want to book an appointment |
    booking please | can I reserve a time | any free slots tomorrow? | Appointment`,
  contacts: `
    адрес | какой у вас адрес? | Адрес салона, пожалуйста | где вы находитесь | где вы? | как доехать |
    как до вас добраться | куда приезжать | карта проезда | где вы на карте? | телефон | телефон салона |
    Ваш номер телефона? | дайте номер | контакты | как вам позвонить | как с вами связаться | часы работы |
    до скольки вы работаете? | во сколько закрываетесь | режим работы | address | where are you located? |
    how do I get there | phone number | your phone? | opening hours | when do you close | contacts |
    directions please | how can I contact you | где вас найти`,
  person: `
    человек | позовите человека | хочу поговорить с живым человеком | оператор | Соедините с администратором |
    нужен менеджер | можно администратора? | администратор!! | у меня жалоба | отменить запись |
    перенести запись на среду | Как отменить визит? | во сколько я записана? | когда у меня запись |
    отмените пожалуйста запись | я опаздываю на 10 минут | не смогу прийти завтра | верните баллы |
    сменила номер телефона | Перезвоните мне | human | talk to a human | I need a manager | operator please |
    cancel my appointment | can I reschedule my booking? | I want to complain | speak to someone |
    when is my appointment | ты бот? | можно отменить? | are you a bot`,
  expiry: `
    сгорают ли баллы? | баллы сгорают? | когда сгорят баллы | Сгорят? | срок действия баллов |
    какой срок годности у бонусов | сколько действуют баллы | до какого числа действительны баллы |
    баллы могут сгореть? | баллы не пропадут? | у меня сгорели баллы | СГОРАЮТ | сгарают ли бонусы |
    do points expire? | Do my points ever expire | expiry date | when do they expire? |
    how long are points valid | how long do points last | do bonus points burn`,
  spend: `
    спишите баллы | Спишите, пожалуйста! | как потратить баллы? | как списать баллы | можно оплатить баллами? |
    хочу использовать бонусы | Как воспользоваться баллами | на что потратить балы |
    могу ли я расплатиться баллами | спиши баллы ☺️ | use my points | how do I spend points? | redeem |
    can I pay with points | spend bonus points | как потратить | Как их потратить? | на что их тратить |
    где потратить баллы? | где можно использовать бонусы | how do I spend them | where can I use my points?`,
  help: `
    помощь | Помогите | помоги пожалуйста | как это работает? | Как накопить баллы | правила |
    условия программы | правила начисления баллов | что ты умеешь | какой процент | как получить баллы | help |
    HELP! | how does it work? | how does this programme work | rules | how to earn points | what can you do? |
    что такое баллы? | как пользоваться картой | сколько баллов дают за стрижку | меню`,
  mydata: `
    мои данные | какие персональные данные вы храните | удалите мои данные | удалите меня | my data |
    delete my account`,
  statement: `
    выписка | Пришлите выписку, пожалуйста | нужна выписка по карте за март | выписку по баллам | statement |
    send me a statement please`,
  stop: `
    стоп | СТОП! | stop | Stop please | отписаться | отпишите меня от рассылки | не пишите мне больше |
    хватит писать | отключить уведомления | Как отключить сообщения? | не присылайте смс | уберите рассылку |
    спам | отвязать карту | unsubscribe | stop messaging me | turn off notifications | no more messages |
    don't text me | mute notifications`,
  thanks: `
    спасибо | Спасибо большое! | СПАСИБО 🌹 | спасибооо | спс | благодарю вас |
    Спасибо мастеру Ольге за стрижку! | пасиб | спосибо | спасибо за баллы | Спасибо за запись 😊 |
    спасибо, баллы пришли | thanks for the points | всё супер, спасибо! | нет, спасибо | 🙏 | ❤️ | 👍🏻👍🏻 |
    thanks | Thank you so much! | thx | Thanks a lot 😘`,
  hello: `
    привет | Привет! | приветтт | привет, как дела? | Здравствуйте | здравствуйте!!! | Добрый день |
    доброе утро ☀️ | Доброго вечера | хай | Здраствуйте | hello | Hi there | hey | Good morning! |
    good evening`,
  agreed: `
    ок | Хорошо | всё понятно | отлично! | ладно | OK | okay | Great!`,
};

const sentences = (text: string) => text.split("|").map((one) => one.trim());

const cases = Object.entries(understood).flatMap(([means, said]) =>
  sentences(said).map((words) => [words, means] as const),
);

test("the table is tried by three hundred sentences or so, in both languages", () => {
  expect(cases.length).toBeGreaterThan(250);
  expect(cases.filter(([words]) => /[a-z]{2}/i.test(words) && !/[а-яё]/i.test(words)).length).toBeGreaterThan(
    75,
  );
});

test.each(cases)("“%s” is about %s", (words, means) => {
  expect(meaningOf(words)).toBe(means as Meaning);
  // However it is typed.
  for (const typed of [
    words.toUpperCase(),
    words.toLowerCase(),
    ` ${words} `,
    `«${words}»...`,
    `${words}\n`,
    words.replaceAll("ё", "е"),
  ])
    expect(meaningOf(typed)).toBe(means as Meaning);
});

/** It sounds alike; it is about something else; it says nothing. */
const notUnderstood = [
  `
    картина | у вас красивая картина | картон | картошка фри | картридж | видеокарта | открытка | балет |
    баллон | балкон | баллада | стопы болят | массаж стоп | крем на стопы | педикюр и уход за стопами |
    остановка | историк | записка | видеозапись | адресовано мастеру | телефонистка |
    человек-паук в главной роли | приветливый мастер | cardigan | cardio | booklet | facebook | балаланс |
    stopwatch | pointless | historic | expired coupon from voucher | баланс кожи | водный баланс |
    hair moisture balance`,
  `
    можно оплатить картой? | принимаете банковские карты? | есть подарочная карта? | pay by card? |
    do you sell gift cards | я сгорела в солярии | у меня сгорел нос | laser burn on my arm |
    почему так дорого? | don't call me | напишите адрес вашего инстаграма | забыла у вас телефон |
    мой телефон разбился | I left my phone at your salon | у меня была история с другим мастером |
    срок годности крема | срок годности сертификата | does my certificate expire | сколько стоит стрижка |
    сколько ждать | почему нет мест на субботу | где вы храните данные | куда вы пропали |
    вакансия администратора | ищу работу администратором | are you hiring a manager |
    спасибо, но мне не понравилось | не спасибо | плохо подстригли, спасибо | thanks but no, not good |
    здравствуйте, делаете ли вы брови? | добрый день, сколько стоит маникюр | hello, do you do eyebrows |
    привет от Маши | как потратить меньше времени | сколько с меня? | сколько у меня времени | где у вас тратить деньги`,
  `
    ? | ... | да | 123 | +79001234567 | 89001234567 3500 | 🤔 | 😡 | не понимаю | что | asdf | 👍 но дорого`,
].flatMap(sentences);

test.each([
  ...notUnderstood,
  ...["", " ", "ж".repeat(4000), "спасибо ".repeat(13)],
  "Здравствуйте, я вчера была у мастера Ольги, и мне не понравилось окрашивание, верните деньги, адрес вы мой знаете",
])("“%s” is not understood", (words) => {
  expect(meaningOf(words)).toBeNull();
});

test("what is not understood has the likeliest commands first, and then what is asked most", () => {
  const likely = (words: string) => likelyFor(words).slice(0, 3);
  expect(likely("")).toEqual(["balance", "book", "contacts"]);
  expect(likely("сколько стоит стрижка завтра")).toEqual(["book", "balance", "contacts"]);
  expect(likely("я хочу вернуть деньги, дайте телефон директора")).toEqual(["contacts", "balance", "book"]);
  expect(likely("какие у вас акции и условия")[0]).toBe("help");
  expect(likely("можно оплатить картой?")[0]).toBe("card");
  expect(likely("how much is a haircut today")[0]).toBe("book");
  expect(new Set(likelyFor("карта")).size).toBe(likelyFor("карта").length);
});
