/**
 * Arabic given names, one a line: as they are written in Arabic, in Latin letters and in Cyrillic. Latin spellings that
 * differ only in the vowels, in doubled letters or in a final h need no entry (tables/arabic.ts). A line is one name;
 * Samir سمير and Samer سامر are two, however alike their Latin spellings may look. Our own table, from general knowledge.
 *
 *   Arabic | Latin | Cyrillic
 */
export const ARABIC_MEN = `
محمد | Muhammad Mohamed Mohammed Mohamad Mahomet Mehmed | Мухаммад Мохаммед Мухамед Магомед
احمد | Ahmad Ahmed | Ахмед Ахмад
علي | Ali Aly | Али Алі
حسن | Hasan Hassan | Хасан Гасан
محمود | Mahmud Mahmoud Mahmood | Махмуд
حسين | Husayn Hussein Hussain Husein | Хусейн Гусейн
خالد | Khalid Khaled | Халид Халід
عمر | Umar Omar | Омар Умар
عمرو | Amr Amro |
يوسف | Yusuf Yousef Youssef Yousuf Yusef | Юсуф Юсеф
ابراهيم | Ibrahim Ebrahim Ibraheem | Ибрагим Ібрагім
عبدالله | Abdullah Abdallah Abdulla | Абдулла Абдалла
مصطفي | Mustafa Mostafa Moustafa | Мустафа
عبدالرحمن | Abdulrahman Abdelrahman Abdurrahman Abdalrahman | Абдурахман
عبدالرحيم | Abdulrahim Abdelrahim Abdurrahim |
سعيد | Said Saeed Saied Sayeed | Саид Саїд
سليمان | Sulayman Suleiman Soliman Sulaiman | Сулейман
اسماعيل | Ismail Ismael Ismaeel | Исмаил Ісмаїл
عثمان | Uthman Othman Osman | Осман Усман
جمال | Jamal Gamal Djamal | Джамал Джамаль
كريم | Karim Kareem | Карим Карім
سمير | Samir Sameer | Самир Самір
سامر | Samer Samir |
وليد | Walid Waleed | Валид Валід
فهد | Fahd Fahad |
فيصل | Faysal Faisal Feisal | Фейсал Файсал
طارق | Tariq Tarek Tareq Tarik | Тарик
بلال | Bilal Belal | Билал Білал
موسي | Musa Mousa Moussa | Муса
ياسر | Yasir Yasser Yaser | Ясир Ясер
مجيد | Majid Majeed | Маджид
ماجد | Majid Majed Maged |
هاني | Hani Hany | Хани
ايمن | Ayman Aiman | Айман
عبدالكريم | Abdulkarim Abdelkarim |
عبدالعزيز | Abdulaziz Abdelaziz | Абдулазиз
رشيد | Rashid Rasheed Rachid | Рашид
راشد | Rashid Rashed |
صالح | Salih Saleh | Салех Саліх
سالم | Salim Salem | Салем
سليم | Salim Saleem Selim | Салим
سامي | Sami Samy | Сами
عادل | Adil Adel | Адиль Адель
عامر | Amir Amer | Амер
امير | Amir Ameer | Амир Амір
نبيل | Nabil Nabeel | Набиль
ناصر | Nasir Nasser Naser | Насер
نصير | Nasir Naseer |
نادر | Nadir Nader | Надир
منير | Munir Mounir Muneer | Мунир
مروان | Marwan | Марван
مازن | Mazin Mazen |
زيد | Zayd Zaid Zeid | Зейд
زياد | Ziyad Ziad Zeyad | Зияд
هشام | Hisham Hesham Hicham | Хишам
رامي | Rami Ramy |
رياض | Riyad Riad Ryad | Рияд
امين | Amin Ameen | Амин Амін
انور | Anwar Anouar | Анвар
امجد | Amjad Amgad |
اشرف | Ashraf Achraf | Ашраф
اكرم | Akram | Акрам
اسامه | Usama Osama Oussama | Усама
انس | Anas |
ايهاب | Ihab Ehab |
عدنان | Adnan | Аднан
عماد | Imad Emad | Имад
عصام | Isam Essam Issam | Исам
علاء | Ala Alaa |
عمار | Ammar | Аммар
غسان | Ghassan | Гассан
سهيل | Suhayl Suhail Souhail |
سفيان | Sufyan Sofiane Soufiane |
شادي | Shadi Chadi |
شريف | Sharif Sherif Chérif | Шариф
طلال | Talal | Талал
ثامر | Thamir Thamer |
ضياء | Diya Dhia |
رائد | Raid Raed |
فارس | Faris Fares | Фарис
فؤاد | Fuad Fouad | Фуад
قاسم | Qasim Kassem Qassim | Касим
هادي | Hadi |
وائل | Wail Wael |
ياسين | Yasin Yassin Yaseen | Ясин
يحيي | Yahya Yehia | Яхья
عيسي | Isa Issa Eisa | Иса
داود داوود | Dawud Daoud Dawood | Дауд
زكريا | Zakariya Zakaria |
لقمان | Luqman Lokman |
كامل | Kamil Kamel | Камиль
كمال | Kamal | Камаль
خليل | Khalil Khaleel | Халиль
خيري | Khayri Khairy |
حبيب | Habib Habeeb | Хабиб
حامد | Hamid Hamed |
حمد | Hamad |
حميد | Hamid Hameed | Хамид
حاتم | Hatim Hatem | Хатем
حسني | Husni Hosni | Хосни
جابر | Jabir Jaber | Джабер
جعفر | Jafar Jaafar Gafar | Джафар
جهاد | Jihad | Джихад
بدر | Badr Bader |
باسم | Basim Basem |
بسام | Bassam |
اسد | Asad Assad | Асад
مراد | Murad Mourad | Мурад
مجدي | Majdi Magdy |
لبيب | Labib |
نعيم | Naim Naeem |
نصر | Nasr |
ربيع | Rabi Rabie |
سعد | Sad Saad | Саад
صلاح | Salah | Салах
طاهر | Tahir Taher | Тахир
ظافر | Zafir Dhafer |
جميل | Jamil Jameel | Джамиль
نزار | Nizar |
تميم | Tamim Tameem |
عبدالقادر | Abdulqadir Abdelkader |
عبدالحميد | Abdulhamid Abdelhamid |
عبدالسلام | Abdulsalam Abdessalam |
عبداللطيف | Abdullatif Abdellatif |
عبدالمجيد | Abdulmajid Abdelmajid |
منصور | Mansur Mansour | Мансур
سلطان | Sultan | Султан
سلمان | Salman | Салман
حمزه | Hamza Hamzah | Хамза
مبارك | Mubarak Mobarak | Мубарак
توفيق | Tawfiq Toufik Tewfik | Тауфик
لطفي | Lutfi Lotfi |
حسام | Hisam Hussam Hossam |
قيس | Qays Kais |
`;

export const ARABIC_WOMEN = `
فاطمه | Fatima Fatimah Fatma | Фатима Фатіма
عائشه | Aisha Aysha Ayesha Aicha | Аиша Аїша
مريم | Maryam Mariam Meryem Marjam | Мариам Мариям Марьям
زينب | Zaynab Zainab Zeinab Zeynep | Зейнаб
خديجه | Khadija Khadijah Khadeeja | Хадиджа
ساره | Sara Sarah | Сара
نور | Nur Noor Nour | Нур
هدي | Huda Hoda | Худа
ليلي | Layla Leila Laila Leyla | Лейла
سلمي | Salma Selma | Сальма
امينه | Amina Aminah Ameena | Амина Аміна
اسماء | Asma Asmaa | Асма
هند | Hind |
نوره | Noura Nora Nura | Нура
ناديه | Nadia Nadiya |
ندي | Nada |
نوال | Nawal |
نجوي | Najwa |
نجلاء | Najla Naglaa |
مني | Muna Mona | Муна
مها | Maha |
ميساء | Maysa |
منال | Manal |
لمياء | Lamya Lamia |
لبني | Lubna Loubna |
لينا | Lina |
كريمه | Karima Kareema |
هناء | Hana Hanaa |
هاله | Hala |
جميله | Jamila Jameela Djamila | Джамиля
جواهر | Jawahir |
ايمان | Iman Eman | Иман
الهام | Ilham Elham | Ильхам
امل | Amal Amel |
اميره | Amira Ameera | Амира
بشري | Bushra Bouchra |
بسمه | Basma |
داليا | Dalia Dalya |
دنيا | Dunya Dunia |
فريده | Farida Fareeda | Фарида
فدوي | Fadwa |
غاده | Ghada |
حليمه | Halima Haleema | Халима
حنان | Hanan |
رانيا | Rania Raniya |
رباب | Rabab |
رحمه | Rahma |
ريم | Rim Reem |
رشا | Rasha |
رقيه | Ruqayya Rokaya Rukaya |
سميره | Samira Sameera | Самира
سعاد | Suad Souad |
سهي | Suha Soha |
صفاء | Safa Safaa |
صباح | Sabah |
شيماء | Shayma Chaima Shaimaa |
شريفه | Sharifa Cherifa |
طاهره | Tahira |
وفاء | Wafa Wafaa |
ياسمين | Yasmin Yasmine Jasmine Yasmeen | Ясмин Жасмин
زهره | Zahra Zohra | Захра
زهراء | Zahra Zahraa |
زينه | Zina Zeina |
عبير | Abir Abeer |
عفاف | Afaf |
علياء | Alya Alia Aliaa |
عزيزه | Aziza | Азиза
وداد | Widad |
سعيده | Saida Saeeda | Саида
`;
