/**
 * Given names of men and women that are met less often, and names that came from the neighbours, one name a line: its official forms in the documents of each country, how else it is
 * written in Latin letters, and what its bearers are called by friends. Our own table, from general knowledge of the
 * languages. Read it so:
 *
 *   Ukrainian | Russian | Belarusian | Bulgarian | English and other Latin forms | diminutives
 *
 * Romanisations of the Cyrillic forms need no entry: they are found by reading (tables/readings.ts). Official forms of one
 * line are one name (Микола = Николай = Мікалай); a diminutive only makes a weak match. A form may stand on several lines,
 * and is then all of them: Леся is a name of her own, and also short for Олександра and Лариса.
 */
export const RARE_MEN = `
Августин | Августин | Аўгусцін | Августин | Augustine August | Густик
Адам | Адам | Адам | Адам | Adam | Адась
Адріан Андріян | Адриан Андриан | Адрыян | Адриан | Adrian | Адрик
Альберт | Альберт | Альберт | Алберт | Albert Alberto | Алік Алик Bert Al
Альфред | Альфред | Альфрэд | Алфред | Alfred | Fred Alf
Богуслав | Богуслав | Багуслаў | Богуслав | Boguslaw |
Болеслав | Болеслав | Баляслаў | Болеслав | Boleslaw | Болек
Броніслав | Бронислав | Браніслаў | Бронислав | Bronislaw | Бронік
Вікентій | Викентий | Вікенцій | Викентий | Vincent Vincentius |
Вільям | Вильям | Уільям | | William Wilhelm | Will Bill Billy Willy Liam
Владлен | Владлен | Уладлен | | |
Власій Улас Влас | Влас Власий | Улас Аўлас | Власий | Blaise |
Гаврило Гавриїл | Гавриил Гаврила | Гаўрыла | Гавраил Гаврил | Gabriel | Гаврик
Гордій | Гордей | Гардзей | | |
Дем'ян | Демьян | Дзям'ян | Дамян | Damian Damien | Дьома Дёма
Демид | Демид | Дземід | | |
Добромир | Добромир | Дабрамір | Добромир | |
Елізар Єлизар | Елизар | Елізар | | Eleazar |
Євдоким | Евдоким | Еўдакім Яўдокім | Евдоким | |
Єлисей | Елисей | Елісей | Елисей | Elisha |
Ілларіон Ларіон | Илларион Ларион | Іларыён | Иларион | Hilarion |
Карл | Карл | Карл | Карл | Charles Karl Carl Carlos | Charlie Chuck
Карп | Карп | Карп | | |
Кіндрат Кондрат | Кондрат Кондратий | Кандрат | Кондрат | Conrad |
Левко | | Ляўко | | | Левчик
Мануїл | Мануил | Мануіл | Емануил Мануил | Emmanuel Manuel | Мано
Михей | Михей | Міхей | | Micah |
Мойсей | Моисей | Майсей | Мойсей | Moses |
Наум | Наум | Навум | Наум | Nahum |
Никифор Ничипір | Никифор | Нікіфар Нічыпар | Никифор | Nicephorus |
Никодим | Никодим | Нікадзім | Никодим | Nicodemus |
Охрім | Ефрем | Ахрэм | | |
Рафаїл Рафаель | Рафаил Рафаэль | Рафаіл | Рафаил | Raphael Rafael |
Ренат Рінат | Ренат Ринат | Рынат | | |
Рудольф | Рудольф | Рудольф | Рудолф | Rudolf Rudolph | Рудик Rudy
Рустам | Рустам | Рустам | | Rustem |
Рем | Рем | Рэм | | |
Ричард | Ричард | Рычард | Ричард | Richard Ricardo | Rick Dick Rich
Роберт | Роберт | Роберт | Роберт | Robert Roberto | Bob Rob Bobby Robbie Робік Робик
Севастян | Севастьян | Севасцьян | Севастиян | Sebastian | Seb
Спиридон Свирид | Спиридон | Спірыдон Свірыд | Спиридон | Spyridon |
Устим Юстим | Устин Юстин | Усцін | Юстин | Justin |
Фадей Тадей | Фаддей | Тадэвуш Фадзей | Тадей | Thaddeus Tadeusz |
Фред | Фред | Фрэд | | Fred |
Юстиніан | Юстиниан | Юстыніян | | Justinian |
Явтух Євтихій | Евтихий | Яўцех | Евтим | Eutychius |
Ельдар | Эльдар | Эльдар | | Eldar |
Рашид | Рашид | Рашыд | | | Рашик
Шаміль | Шамиль | Шаміль | | Shamil |
Тигран | Тигран | Тыгран | | Tigran |
Ашот | Ашот | Ашот | | Ashot |
Армен | Армен | Армен | | Armen |
Вахтанг | Вахтанг | Вахтанг | | Vakhtang |
Гіві | Гиви | Гіві | | |
Зураб | Зураб | Зураб | | Zurab |
`;

export const RARE_WOMEN = `
Агата | Агата | Агата | Агата | Agatha |
Агафія | Агафья | Агаф'я | | |
Аглая | Аглая | Аглая | Аглая | Aglaia |
Ада | Ада | Ада | Ада | Ada |
Аделіна Адель | Аделина Адель | Адэліна | Аделина | Adelina Adeline Adele | Аделя Аделька
Алсу | Алсу | Алсу | | |
Аріна | Арина | Арына | Арина | Arina | Аріша Ариша
Богдана | Богдана | Багдана | Богдана | | Дана Даночка
Броніслава | Бронислава | Браніслава | Бронислава | Bronislawa | Броня
Віленна | Вилена | | | |
Гаїна Гаяне | Гаянэ | | | Gayane |
Глафіра | Глафира | Глафіра | | |
Гульнара | Гульнара | Гульнара | | Gulnara | Гуля
Євдокія | Евдокия | Еўдакія Аўдоцця | Евдокия | | Дуся
Жозефіна | Жозефина | Жазефіна | Жозефина | Josephine Josephina |
Зарина Заріна | Зарина | Зарына | | Zarina |
Земфіра | Земфира | Земфіра | | |
Ізабелла | Изабелла | Ізабела | Изабела | Isabella Isabel Isabelle | Белла Bella
Ілона | Илона | Ілона | Илона | Ilona |
Каміла Камілла | Камилла | Каміла | Камила | Camilla Kamila |
Кароліна | Каролина | Караліна | Каролина | Caroline Carolina Karolina |
Лада | Лада | Лада | Лада | |
Магдалина | Магдалина | Магдаліна | Магдалена | Magdalena Magdalene | Магда
Майя Мая | Майя | Мая | Мая | Maya Maia | Маєчка
Мілена | Милена | Мілена | Милена | Milena | Міля Мими Милка
Мар'яма Маріам | Мариам | Марыям | | | 
Олімпіада | Олимпиада | Алімпіяда | | |
Пелагея | Пелагея | Палагея | | Pelagia | Палажка
Рената | Рената | Рэната | Рената | Renata |
Рузанна | Рузанна | Рузана | | |
Сусанна | Сусанна | Сусана | Сузана | Susanna Susan Suzanne Susannah | Sue Susie
Тереза | Тереза | Тэрэза | Тереза | Theresa Teresa | Tess
Ульвія | Ульвия | | | |
Феодосія | Феодосия | Феадосія | | Theodosia |
Цвітана | Цветана | Цвятана | Цветана | | Цвети
Еліна | Элина | Эліна | Елина | Elina | Еля
Ельміра | Эльмира | Эльміра | Елмира | Elmira |
Емма | Эмма | Эма | Ема | Emma |
Есмеральда | Эсмеральда | Эсмеральда | | Esmeralda |
Іветта | Иветта | Івета | Ивета | Yvette Iveta |
Ліліана | Лилиана | Ліліяна | Лиляна | Liliana Lillian | Лили
Луїза | Луиза | Луіза | Луиза | Louise Luisa |
Моніка | Моника | Моніка | Моника | Monica Monika |
Ніколь Ніколетта | Николь | Ніколь | Николета | Nicole Nicoletta | Nikki
Патриція | Патриция | Патрыцыя | Патриция | Patricia | Pat Patty
Сара | Сара | Сара | Сара | Sarah Sara | Sally
Елеана | Илеана | | | Ileana |
`;
